const timeoutMs = 60_000;
const pause = 200;

/** The control API, used by the demo like by every other client. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  /** Waits until the api and everything that it needs are up. @throws Error after a minute */
  async ready(): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await this.isReady())) {
      if (performance.now() > deadline) throw new Error(`The api is not ready after ${timeoutMs / 1000} s; its log may say why`);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** @throws Error with the problem's own text if the api refuses */
  async post<Answer>(path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    });
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`)).ok;
    } catch {
      return false;
    }
  }
}

/** What people intend to do and when. A heap by time would be faster, but a sorted list is fast enough for thousands. */
export class Agenda<Plan> {
  private plans: { readonly at: number; readonly plan: Plan }[] = [];

  add(at: number, plan: Plan): void {
    this.plans.push({ at, plan });
  }

  /** Removes and returns everything that is due by `now`, earliest first. */
  takeDue(now: number): Plan[] {
    const due = this.plans.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    if (due.length > 0) this.plans = this.plans.filter(({ at }) => at > now);
    return due.map(({ plan }) => plan);
  }

  get size(): number {
    return this.plans.length;
  }
}

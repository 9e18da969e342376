/** Called now and then with the progress of a long piece of work; `total` where it is known. */
export type Progress = (done: number, total?: number) => void;

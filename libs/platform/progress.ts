/** Told now and then how far a long piece of work is; `total` where it is known. */
export type Progress = (done: number, total?: number) => void;

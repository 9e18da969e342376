/** Called regularly with the progress of a long task; `total` if it is known. */
export type Progress = (done: number, total?: number) => void;

/** Told what is being done, and how far it is. */
export type Progress = (step: string, done?: number, total?: number) => void

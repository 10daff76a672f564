/**
 * Work that is begun before it is needed: nothing of it outlives the job, and the first failure is
 * the one that is told.
 */
import type { GitContext } from './process.ts'

/**
 * Begins a part of a job, so that its failure ends the job at once, whoever waits for it. Returns
 * it.
 */
export type Begin = <Result>(part: Promise<Result>) => Promise<Result>

/**
 * Runs a job that begins parts of its work early. Where the job or a part of it fails, the job's
 * git processes are ended, all parts are waited for, and the first failure is thrown.
 */
export async function runTogether<Result>(
  context: GitContext,
  job: (begin: Begin) => Promise<Result>,
): Promise<Result> {
  const parts: Promise<unknown>[] = []
  let fail: (error: unknown) => void = () => {}
  const failure = new Promise<never>((_, reject) => {
    fail = reject
  })
  const begin: Begin = (part) => {
    parts.push(part)
    part.catch(fail)
    return part
  }
  const whole = begin(job(begin))
  try {
    return await Promise.race([whole, failure])
  } catch (error) {
    await context.processes.stopped()
    await Promise.allSettled(parts)
    throw error
  }
}

/**
 * What all of some parts return. Where one fails the others are waited for, and the first failure
 * is thrown.
 */
export async function allOf<Parts extends readonly unknown[]>(
  parts: [...Parts],
): Promise<{ -readonly [At in keyof Parts]: Awaited<Parts[At]> }> {
  try {
    return (await Promise.all(parts)) as { -readonly [At in keyof Parts]: Awaited<Parts[At]> }
  } catch (error) {
    await Promise.allSettled(parts)
    throw error
  }
}

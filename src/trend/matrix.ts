/**
 * One queue on many releases: where each patch landed upstream, and where it first breaks. Pure.
 */
import type { Action, RecordedAttempt, VerdictKind } from '../model/attempt.ts'
import type { PatchSummary } from '../model/patch.ts'

export interface MatrixCell {
  verdict: VerdictKind
  action: Action
  /** The upstream commit where it is upstreamed. */
  commit: string | null
}

export interface MatrixRow {
  patch: PatchSummary
  /** One per attempt, in their order. */
  cells: MatrixCell[]
  /**
   * Index of the first attempt on which it can be dropped, and stays so; null where there is none.
   */
  leavesAt: number | null
  /** Index of the first attempt on which it does not land; null where it does on all. */
  breaksAt: number | null
}

/** `attempts`: of the same queue revision, in the order of their targets. */
export function matrixOf(attempts: readonly RecordedAttempt[]): MatrixRow[] {
  const [first] = attempts
  return (first?.results ?? []).map(({ patch }, at) => {
    const cells = attempts.map(({ results }): MatrixCell => {
      const result = results[at]
      if (!result) throw new Error('these attempts are not of one queue')
      const { verdict, upstream } = result
      const commit = verdict.kind === 'upstreamed' ? (upstream.commits[0]?.sha ?? null) : null
      return { verdict: verdict.kind, action: verdict.action, commit }
    })
    const staysFrom = cells.findLastIndex(({ action }) => action !== 'drop') + 1
    const breaksAt = cells.findIndex(({ verdict }) => verdict === 'conflicting' || verdict === 'blocked')
    return {
      ...{ patch, cells },
      leavesAt: staysFrom < cells.length ? staysFrom : null,
      breaksAt: breaksAt < 0 ? null : breaksAt,
    }
  })
}

/** The report as one HTML file: the answer, what to do first, whether it gets better, all of it. */
import type { Overview } from '../../trend/overview.ts'
import { headline } from '../story.ts'
import { againSection } from './again.ts'
import { auditSection } from './audit.ts'
import { costSection } from './costs.ts'
import { decideSection } from './decide.ts'
import { accountSection, doneSection } from './done.ts'
import { firstSteps } from './first.ts'
import { head } from './head.ts'
import { howSection } from './how.ts'
import type { Commands, Look } from './marks.ts'
import { mendSection } from './mend.ts'
import { htmlPage } from './page.ts'
import { patchesSection } from './patches.ts'
import { sizeSection } from './size.ts'
import { targetsSection } from './targets.ts'

/** Who writes the report, and how its commands find what it is about. */
export interface ReportView {
  version: string
  commands: Commands
}

/** The whole page, in the order in which people ask. */
export function reportToHtml(overview: Overview, { version, commands }: ReportView): string {
  const look: Look = { commands, commitAddress: overview.commitAddress }
  const { queue, life, latest } = overview
  const about = [
    ...(latest ? [`attempt @${latest.id}`] : []),
    ...(life ? [`branch ${life.branch}`] : []),
    ...(latest || life ? [] : [`the rebases of ${queue}`]),
  ]
  return htmlPage({
    title: `${queue}: ${headline(overview)}`,
    header: head(overview),
    sections: [
      ...firstSteps(overview, look),
      ...mendSection(overview, look),
      ...decideSection(overview, look),
      ...sizeSection(overview),
      ...costSection(overview, look),
      ...againSection(overview),
      ...auditSection(overview),
      ...doneSection(overview),
      ...accountSection(overview),
      ...targetsSection(overview),
      ...patchesSection(overview, look),
      howSection(overview, look),
    ],
    footer: `rebaseline ${version} · one file, no request · numbers are of ${about.join(' and ')} only`,
  })
}

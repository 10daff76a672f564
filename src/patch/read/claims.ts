/**
 * What a header claims of the patch's way upstream: one canonical form for every dialect. DEP-3
 * (https://dep-team.pages.debian.net/deps/dep3/), OpenEmbedded's Upstream-Status
 * (https://docs.yoctoproject.org/contributor-guide/recipe-style-guide.html), SUSE's Patch-mainline
 * and Git-commit (kernel-source, README), Buildroot's Upstream (its manual, "Additional patch
 * documentation"), the prefixes of Android's and ChromeOS's kernels.
 */
import type { Claim, ClaimForm, CommitReference } from '../../model/patch.ts'
import { shasIn } from './references.ts'

/** What a value means; null where it claims nothing. The first rule that fits decides. */
type Rules = readonly (readonly [RegExp, ClaimForm | null])[]

const UPSTREAM_STATUS: Rules = [
  [/^(?:backport|cherry)/i, 'backport'],
  [/^(?:accepted|applied|merged)/i, 'applied'],
  [/^(?:submitted|sent|forwarded)/i, 'submitted'],
  [/^(?:denied|rejected)/i, 'denied'],
  [/^(?:inappropriate|inactive-upstream|not applicable|n\/a\b)/i, 'inappropriate'],
  [/^pending/i, 'pending'],
]

/** `inMail`: the field counts below "---" as well, and behind blanks. */
interface Dialect {
  field: string
  rules: Rules
  inMail: boolean
}

const DIALECTS: readonly Dialect[] = [
  {
    field: 'Applied-Upstream',
    rules: [
      [/^(?:no|not|none)\b/i, null],
      [/^\S/, 'applied'],
    ],
    inMail: false,
  },
  {
    field: 'Forwarded',
    rules: [
      [/^(?:not?[- ]needed|n\/a\b|not applicable|.*\b(?:debian|ubuntu|distro)[- ](?:specific|only))/i, 'not-needed'],
      [/\b(?:rejected|denied|declined)\b/i, 'denied'],
      [/^(?:no|not|none|todo|later|pending)\b/i, 'pending'],
      [/^\S/, 'submitted'],
    ],
    inMail: false,
  },
  {
    field: 'Origin',
    rules: [
      [/^(?:upstream|backport)\b/i, 'backport'],
      [/^(?:vendor|other)\b/i, null],
      [/\bhttps?:\S*(?:\/(?:commit|commits|commitdiff|rev|\+)\/|[?&;](?:id|h)=)[0-9a-f]{7}/i, 'backport'],
    ],
    inMail: false,
  },
  { field: 'Upstream-Status', rules: UPSTREAM_STATUS, inMail: true },
  {
    field: 'Patch-mainline',
    rules: [
      [/^(?:v?\d|yes\b|upstream\b)/i, 'applied'],
      [/^queued/i, 'backport'],
      [/^submitted/i, 'submitted'],
      [/^(?:never|(?:no|not)\b.*[- ](?:specific|only)\b)/i, 'inappropriate'],
      [/^(?:no|not)\b/i, 'pending'],
    ],
    inMail: true,
  },
  { field: 'Git-commit', rules: [[/^[0-9a-f]{7,40}\b/i, 'backport']], inMail: true },
  {
    field: 'Upstream',
    rules: [
      ...UPSTREAM_STATUS,
      [/^(?:not needed|not for|never|none\b|no\b)/i, 'inappropriate'],
      [/^not (?:yet|sub|sent)/i, 'pending'],
      [/^[0-9a-f]{7,40}\b|\/(?:commit|commits|commitdiff|rev|\+)\/[0-9a-f]{7}|[?&;](?:id|h)=[0-9a-f]{7}/i, 'backport'],
      [/\bhttps?:|\S@\S/i, 'submitted'],
    ],
    inMail: true,
  },
]

/** What stands in front of a subject; the last of several says it ("BACKPORT: FROMLIST: ..."). */
const PREFIXES: Readonly<Record<string, ClaimForm>> = {
  UPSTREAM: 'backport',
  BACKPORT: 'backport',
  FROMGIT: 'backport',
  FROMLIST: 'submitted',
  CHROMIUM: 'inappropriate',
  ANDROID: 'inappropriate',
}

/** No value says more in more characters, and none goes on for more lines. */
const MAX_TOLD = 1000
const MAX_FOLDS = 50

/**
 * Each claim once, in the order of the lines; that of the subject first, with the commit that
 * `references` say it was taken from.
 */
export function claimsIn(
  lines: readonly string[],
  subject: string | null,
  references: readonly CommitReference[],
): Claim[] {
  const rule = lines.findIndex((line) => /^---\s*$/.test(line))
  const found = lines.flatMap((line, at) => {
    const [, indent = '', name = '', first = ''] =
      /^([ \t]*(?:#[ \t]*)?)([A-Za-z][\w-]*(?: status)?)[ \t]*:(.*)$/i.exec(line) ?? []
    const dialect = DIALECTS.find(({ field }) => field.toLowerCase() === name.toLowerCase().replace(/[ _]/g, '-'))
    if (!dialect || (!dialect.inMail && (/^[ \t]/.test(indent) || (rule >= 0 && at > rule)))) return []
    const text = [first, ...foldedBelow(lines, at)]
      .map((part) => part.trim())
      .join(' ')
      .trim()
    const told = text.slice(0, MAX_TOLD)
    const form = dialect.rules.find(([fits]) => fits.test(told))?.[1] ?? null
    return form === null ? [] : [{ field: dialect.field, form, text, commit: shasIn(told)[0] ?? null }]
  })
  const claims = [...prefixClaim(subject, references), ...found]
  return [...new Map(claims.map((claim) => [`${claim.field}: ${claim.text}`, claim])).values()]
}

function foldedBelow(lines: readonly string[], at: number): string[] {
  const rest = lines.slice(at + 1, at + 1 + MAX_FOLDS)
  const end = rest.findIndex((line) => !/^[ \t]+\S/.test(line))
  return end < 0 ? rest : rest.slice(0, end)
}

function prefixClaim(subject: string | null, references: readonly CommitReference[]): Claim[] {
  const [prefixes = ''] = /^(?:[A-Z]{4,20}: ?)+/.exec(subject ?? '') ?? []
  const prefix = prefixes.split(/: ?/).findLast((word) => word in PREFIXES)
  const form = prefix === undefined ? undefined : PREFIXES[prefix]
  if (prefix === undefined || form === undefined) return []
  const sha = references.find(({ from }) => from === 'header')?.sha ?? null
  return [{ field: 'Subject', form, text: `${prefix}:`, commit: form === 'backport' ? sha : null }]
}

/** What `rebaseline help TOPIC` says: the words of the product, and what surrounds its commands. */
import type { Landing, VerdictKind } from '../../model/attempt.ts'
import type { Fate } from '../../model/fate.ts'
import { FORMATS_IN_WORDS } from './formats.ts'

/** A text for people: paragraphs, and lists of words with what they mean. */
export interface Topic {
  name: string
  /** In one line, as in a list of topics. */
  summary: string
  parts: readonly TopicPart[]
}

export type TopicPart = string | { readonly terms: Readonly<Record<string, string>> } | { readonly code: string }

const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  applies: 'Still needed, and lands without a person: keep it, or refresh it where it moved.',
  conflicting: 'Still needed, and needs a person: rework it. The upstream commits that broke it are named.',
  blocked: 'Fails only because an earlier patch of the queue does not land: it waits for that one.',
  upstreamed: 'Every change of it is in the target, or was since it landed: drop it.',
  droppable:
    'Not upstream, and not needed: obsolete (what it changes is gone), cancelled (another patch undoes it), or empty. Drop it.',
  invalid: 'Cannot be read: repair it. The line is named.',
}

const LANDING_WORDS: Readonly<Record<Landing['kind'], string>> = {
  clean: 'Applied where it says.',
  offset: 'Applied, and some hunk moved.',
  fuzz: 'Applied with less context; only where no three-way merge was possible. Look at it.',
  merged: 'Applied by a three-way merge; renamed and moved files are followed.',
  noop: 'Changed nothing: all of it is in the target.',
  conflict: 'Needs a person: which hunks of which files is listed.',
  blocked: 'Fails only because an earlier patch did not land; tried with that patch in place.',
  withheld: 'Not tried: it was taken out first.',
  unreadable: 'The file is missing, malformed or unsafe.',
}

const FATE_WORDS: Readonly<Record<Fate, string>> = {
  landed: 'The target has its result at its own place, and has it since the base.',
  'landed-elsewhere': 'It moved with what surrounds it, or is a definition of its own.',
  'rewritten-since': 'It landed as one commit, and another changed it later; both are named.',
  'in-the-base-already': 'Base and target have it at that place.',
  needless: 'What it changes was deleted for good, or is made again by the build.',
  remains: 'It would be lost if the patch were dropped.',
  'not-known': 'A question: only a person can tell.',
}

const VERDICTS: Topic = {
  name: 'verdicts',
  summary: 'what a patch is told to be, and what to do about it',
  parts: [
    'Each patch of an attempt has one verdict:',
    { terms: VERDICT_WORDS },
    'The verdict rests on the landing, which is how the patch went:',
    { terms: LANDING_WORDS },
    'The action "review" stands where only a person can tell: "rebaseline show PATCH --compare" shows the patch beside the commit, and "rebaseline overrule" records the answer.',
    'A patch that lands although the target holds its change already is upstreamed: it would be applied twice.',
  ],
}

const FATES: Topic = {
  name: 'fates',
  summary: 'what became of each change of a patch, and why a drop is safe',
  parts: [
    'Each hunk, mode, rename, deletion and binary of a patch has one fate in the target:',
    { terms: FATE_WORDS },
    'A patch is dropped only if no fate remains or is not known, whatever names, subjects and trailers say. "rebaseline show PATCH" prints the fates, with the commit behind each.',
    'A drop promises that no change is lost. It does not promise that the code compiles without the patch, or behaves the same.',
  ],
}

const FORMATS: Topic = {
  name: 'formats',
  summary: 'the formats of queues, and how each is named',
  parts: [
    'A queue is known by its content; --format, or "format:" in rebaseline.yaml, says it where that does not tell:',
    { terms: FORMATS_IN_WORDS },
    'All of it is read as text: nothing of a queue is run. What depends on a program is refused with its line.',
  ],
}

const TARBALLS: Topic = {
  name: 'tarballs',
  summary: 'upstreams and queues without git',
  parts: [
    'An upstream that gives out tarballs alone is named by them, or by a directory of them:',
    {
      code: 'rebaseline try --upstream-tarball 4.17.5=xen-4.17.5.tar.xz --upstream-tarball 4.19.1=xen-4.19.1.tar.gz --onto 4.19.1\nrebaseline try --upstream ../tarballs --onto 4.19.1',
    },
    'Each release becomes a commit and a tag in a repository in the cache. What stands in the target is told as always; who brought it, or broke it, is not known, and a patch in conflict that is said to be upstream is a question.',
    'The queue needs no git either: a directory, a .dsc with its files, a .src.rpm or a mailbox will do.',
  ],
}

const EXIT_CODES: Topic = {
  name: 'exit-codes',
  summary: 'what the exit code of every command means',
  parts: [
    {
      terms: {
        0: 'The job was done. Verdicts are data, not failures.',
        1: 'Wrong usage; or a bug, with a request to report it.',
        2: 'The job could not be done: a message and a hint say why.',
        3: '--fail-on, a gate, or export --check asked for failure, and got it.',
        130: 'Ended from the keyboard (Ctrl-C); 129 and 143 by other signals.',
      },
    },
  ],
}

const CONFIG: Topic = {
  name: 'config',
  summary: 'the keys of rebaseline.yaml, one by one',
  parts: [
    '"rebaseline init" writes it; every command reads the nearest one, from where you stand (or from the queue that --queue names) up to the top of the repository; above that only one that init wrote for this queue. Options stand over it, and paths in it are from its own directory.',
    {
      terms: {
        queue: 'What lists the queue: a series, a spec, a directory, REPO#BASE..TIP.',
        format: 'What the queue is, where its content does not tell: "rebaseline help formats".',
        upstream: 'A clone, a URL, or a directory of release tarballs.',
        base: 'The release that the queue sits on, where its own files do not tell it. Write the new one after a rebase.',
        tags: 'A glob of the tags that are releases: "try" without --onto takes the newest.',
        record: 'The file that attempts are recorded in; --db and REBASELINE_DB stand over it.',
        name: 'What the queue is called. With it, it is one queue in all its checkouts, and after a move: "init --trust --join".',
        gates: 'Sentences that must hold, judged by "audit": one that does not makes the exit code 3.',
        sections: "What the queue's own sections are: a class of patches for each name.",
        retire: 'When a patch is to go, by its name: "base >= 4.19", "upstream has 4a1fb2c".',
      },
    },
    'The file may come with somebody else\'s queue: what it names outside of its own directory, a record, and its name count only after "rebaseline init" wrote it, or "rebaseline init --trust" was said, as long as it names the same.',
  ],
}

/** In the order of a list of topics. */
export const TOPICS: readonly Topic[] = [VERDICTS, FATES, FORMATS, TARBALLS, CONFIG, EXIT_CODES]

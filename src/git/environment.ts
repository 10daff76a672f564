/**
 * The sealed world in which every git process of ours runs: environment built from nothing, config
 * from nowhere.
 */

/** Config that decides what a merge or a diff says, or that could run something. */
const CONFIG: Record<string, string> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.autocrlf': 'false',
  'core.symlinks': 'false',
  'core.quotePath': 'false',
  // What is thrown away in a minute need not be small.
  'core.compression': '0',
  'core.fsync': 'none',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'merge.conflictStyle': 'diff3',
  'diff.renameLimit': '10000',
  'rerere.enabled': 'false',
  'safe.bareRepository': 'explicit',
  'protocol.allow': 'never',
  'protocol.file.allow': 'always',
}

export const CONFIG_ARGUMENTS: readonly string[] = Object.entries(CONFIG).flatMap(([key, value]) => [
  '-c',
  `${key}=${value}`,
])

/**
 * `home` is a directory of ours: git finds no config there but the file `gitconfig`, if we put one
 * there.
 */
export function gitEnvironment(home: string, path: string): Record<string, string> {
  return {
    PATH: path,
    HOME: home,
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: `${home}/gitconfig`,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    GIT_EDITOR: 'false',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_AUTHOR_NAME: 'rebaseline',
    GIT_AUTHOR_EMAIL: 'rebaseline@localhost',
    GIT_AUTHOR_DATE: '1000000000 +0000',
    GIT_COMMITTER_NAME: 'rebaseline',
    GIT_COMMITTER_EMAIL: 'rebaseline@localhost',
    GIT_COMMITTER_DATE: '1000000000 +0000',
  }
}

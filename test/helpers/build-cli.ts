import { execFileSync } from 'node:child_process'

/** The command is tested as it is shipped: bundled. */
export default function buildCli(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] })
}

import { execFileSync } from 'node:child_process'
import { build } from 'esbuild'

/** The command is tested as it is shipped, bundled; and as a script, for processes that run it many times. */
export default async function buildCli(): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' } as const
  const shipped = { external: ['better-sqlite3'], define: { 'import.meta.url': 'shippedUrl' } }
  await Promise.all([
    build({ ...common, ...shipped, entryPoints: ['src/cli.ts'], format: 'cjs', outfile: 'dist/warm-cli.cjs' }),
    build({ ...common, entryPoints: ['test/helpers/warm-host.ts'], format: 'esm', outfile: 'dist/warm-host.js' }),
  ])
}

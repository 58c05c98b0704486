// Points git at the hooks of this folder. Outside a checkout (a tarball) there is nothing to point.
import { execFileSync } from 'node:child_process'

try {
  execFileSync('git', ['config', 'core.hooksPath', '.githooks'], { stdio: 'ignore' })
} catch {
  // not a git checkout
}

// Leaves out of a build the pages whose folder is not there, so that the site map may be ahead of
// the pages.
const fs = require('node:fs')
const path = require('node:path')

module.exports = (ctx) => {
  ctx.modifyAppConfig(({ appConfig }) => {
    const there = (root, page) =>
      fs.existsSync(path.join(ctx.paths.sourcePath, root, `${page}.tsx`))
    const subPackages = (appConfig.subPackages ?? [])
      .map((one) => ({ ...one, pages: one.pages.filter((page) => there(one.root, page)) }))
      .filter((one) => one.pages.length > 0)
    appConfig.subPackages = subPackages
    for (const rule of Object.values(appConfig.preloadRule ?? {})) {
      rule.packages = rule.packages.filter((name) => subPackages.some((one) => one.root === name))
      if (rule.packages.length === 0) delete appConfig.preloadRule
    }
  })
}

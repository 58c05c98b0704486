import { pagesByModule, tabPages } from './kernel/site.ts'

const wide = process.env.TARO_ENV === 'h5'

export default defineAppConfig({
  pages: tabPages.map((page) => `tabs/${page}/index`),
  // One subpackage a module; `desk-` pages are for wide screens and only in the H5 build.
  subPackages: Object.entries(pagesByModule).map(([root, pages]) => ({
    root,
    pages: pages.filter((page) => wide || !page.startsWith('desk-')).map((page) => `${page}/index`),
  })),
  preloadRule: {
    'tabs/home/index': { network: 'all', packages: ['catalogue', 'booking', 'session'] },
  },
  lazyCodeLoading: 'requiredComponents',
  darkmode: true,
  themeLocation: 'theme.json',
  animation: false,
  window: {
    navigationStyle: 'custom',
    navigationBarTitleText: '仪器共享',
    navigationBarBackgroundColor: '@navBg',
    navigationBarTextStyle: '@navText' as 'black', // the value is in theme.json
    backgroundColor: '@bg',
    backgroundTextStyle: '@bgText' as 'dark',
  },
  resizable: true,
} as Parameters<typeof defineAppConfig>[0])

import path from 'node:path'
import { defineConfig } from '@tarojs/cli'

// Taro compiles only src/ with Babel: what else is written in TypeScript or modern syntax is named
// here.
const include = [
  path.resolve(__dirname, '../../shared'),
  (file: string) => /node_modules[\\/](\.pnpm[\\/])?zod[@\\/]/.test(file),
] as unknown as string[] // functions are accepted, the type says strings only

// Lengths are CSS px on every target: nothing is turned into rpx or rem.
const postcss = { pxtransform: { enable: false, config: {} }, cssModules: { enable: false } }

const apiBase =
  process.env.TARO_ENV === 'h5' ? '' : (process.env.API_BASE ?? 'http://127.0.0.1:8080')

export default defineConfig<'webpack5'>({
  projectName: 'yiqi',
  date: '2026-11-24',
  designWidth: 390,
  deviceRatio: { 390: 1 },
  sourceRoot: 'src',
  outputRoot: `dist/${process.env.TARO_ENV}`,
  plugins: [path.resolve(__dirname, 'plugin-aria.js'), path.resolve(__dirname, 'plugin-pages.js')],
  defineConstants: { API_BASE: JSON.stringify(apiBase) },
  copy: {
    patterns:
      process.env.TARO_ENV === 'weapp'
        ? [{ from: 'src/theme.json', to: 'dist/weapp/theme.json' }]
        : [],
    options: {},
  },
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  // Kept between builds only while watching: a mini-program built from an old cache can ask for
  // chunks by numbers that they no longer have, and its page then never starts.
  cache: { enable: process.argv.includes('--watch') },
  mini: {
    compile: { include },
    optimizeMainPackage: { enable: true },
    // classes of parts do not depend on their order
    miniCssExtractPluginOption: { ignoreOrder: true },
    postcss,
  },
  h5: {
    compile: { include },
    publicPath: '/',
    staticDirectory: 'static',
    router: { mode: 'browser' },
    output: {
      filename: 'js/[name].[contenthash:8].js',
      chunkFilename: 'js/[name].[contenthash:8].js',
    },
    miniCssExtractPluginOption: {
      ignoreOrder: true,
      filename: 'css/[name].[contenthash:8].css',
      chunkFilename: 'css/[name].[contenthash:8].css',
    },
    postcss: { ...postcss, autoprefixer: { enable: true, config: {} } },
  },
})

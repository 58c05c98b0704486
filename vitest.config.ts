import { defineConfig } from 'vitest/config'

const shared = {
  environment: 'node',
  globals: false,
  pool: 'forks',
  testTimeout: 20_000,
  hookTimeout: 60_000,
  restoreMocks: true,
} as const

const oneAtATime = [
  'test/e2e/**/*.test.{ts,tsx}',
  'test/weapp-host/**/*.test.{ts,tsx}',
  'test/faults/**/*.test.ts',
]

/** Vitest insists on a default export. */
export default defineConfig({
  test: {
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default'],
    passWithNoTests: false,
    projects: [
      {
        test: {
          ...shared,
          name: 'server',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', ...oneAtATime],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: oneAtATime,
          testTimeout: 60_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

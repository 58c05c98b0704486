import { makeVault } from '@yiqi/server/kernel/vault.ts'

/** The vault of all tests: keys that anybody may know, data keys in each test's own database. */
export const testVault = makeVault({
  keks: [{ id: 'kek-1', key: Buffer.alloc(32, 1) }],
  indexKey: Buffer.alloc(32, 2),
})

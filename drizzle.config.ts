import { defineConfig } from 'drizzle-kit'

/** drizzle-kit insists on a default export. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './server/*/tables*.ts',
  out: './drizzle',
})

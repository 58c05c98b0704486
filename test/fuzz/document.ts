import { must } from '@yiqi/shared/kernel/assert.ts'

// What the OpenAPI document says, as the fuzzer reads it.

export type Schema = {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
}

export type Operation = {
  name: string
  method: string
  /** With `{name}` for what stands in the path. */
  path: string
  inPath: Record<string, Schema>
  inQuery: { schema: Record<string, Schema>; required: string[] }
  body: Schema | null
}

type Parameter = { name: string; in: string; required: boolean; schema: Schema }
type Described = {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}
type Document = { paths: Record<string, Record<string, Described>> }

/** Every operation of the document that the server gave. */
export function operationsOf(document: unknown): Operation[] {
  const { paths } = document as Document // what /api/openapi.json is, by its own test
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const parameters = described.parameters ?? []
      const placed = (place: string) =>
        Object.fromEntries(
          parameters.filter((each) => each.in === place).map((each) => [each.name, each.schema]),
        )
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path: path.replace(/^\/api/, ''),
        inPath: placed('path'),
        inQuery: {
          schema: placed('query'),
          required: parameters
            .filter((each) => each.in === 'query' && each.required)
            .map((each) => each.name),
        },
        body: described.requestBody?.content['application/json']?.schema ?? null,
      }
    }),
  )
}

/** The path with these values in it. */
export function pathWith({ path }: Operation, values: Record<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(must(values[name], `a value for ${name}`))),
  )
}

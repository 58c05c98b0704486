import { namesOf, ruleOf } from '@yiqi/shared/kernel/access.ts'
import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import type { Endpoint } from '@yiqi/shared/kernel/endpoint.ts'
import { z } from 'zod/mini'

type Json = Record<string, unknown>

const names = namesOf(allEndpoints)

/**
 * The OpenAPI 3.1 document of these endpoints: their schemas are the contract, so nothing is
 * written twice.
 */
export function openApi(endpoints: readonly Endpoint[]): Json {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const path = `/api${endpoint.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Yiqi',
      version: '0.1.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      securitySchemes: { member: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Error: errorSchema },
    },
  }
}

function operation(endpoint: Endpoint): Json {
  const input = toSchema(endpoint.input)
  // Inputs are object schemas, by contract.
  const properties = (input.properties ?? {}) as Record<string, Json>
  const required = (input.required ?? []) as string[] // by JSON schema
  const inPath = [...endpoint.path.matchAll(/:(\w+)/g)].flatMap(([, name]) => (name ? [name] : []))
  const others = Object.keys(properties).filter((name) => !inPath.includes(name))
  const parameter = (name: string, place: 'path' | 'query') => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: properties[name] ?? {},
  })
  const isRead = endpoint.method === 'GET'
  return {
    summary: endpoint.summary,
    ...(isOpen(endpoint) ? {} : { security: [{ member: [] }] }),
    parameters: [
      ...inPath.map((name) => parameter(name, 'path')),
      ...(isRead ? others.map((name) => parameter(name, 'query')) : [idempotencyKey]),
    ],
    ...(isRead || others.length === 0 ? {} : { requestBody: body(others, properties, required) }),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: toSchema(endpoint.output) } },
      },
      default: {
        description: 'Refused.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

/** Whether the access table lets visitors call it. */
function isOpen(endpoint: Endpoint): boolean {
  const action = names.get(endpoint)
  return action !== undefined && ruleOf(action).who === 'anyone'
}

function body(names: string[], properties: Record<string, Json>, required: string[]): Json {
  const schema = {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, properties[name] ?? {}])),
    required: names.filter((name) => required.includes(name)),
    additionalProperties: false,
  }
  return { required: true, content: { 'application/json': { schema } } }
}

function toSchema(schema: z.ZodMiniType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 8, maxLength: 80 },
}

const errorSchema = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    requestId: { type: 'string' },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}

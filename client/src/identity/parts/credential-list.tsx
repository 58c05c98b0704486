import { View } from '@tarojs/components'
import type { Credential } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { credentialStateLabels } from '@yiqi/shared/identity/terms-organisations.ts'
import type { ReactNode } from 'react'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { credentialTones, stopsWords } from './organisation-rules.ts'

type CredentialListProps = {
  rows: readonly Credential[]
  /** At the end of each: what may be done with it. */
  actions?: (row: Credential) => ReactNode
}

/** 资质: each with its days, its state, and what stops working when it ends. */
export function CredentialList({ rows, actions }: CredentialListProps) {
  return (
    <Card>
      {rows.map((row) => {
        const stops = stopsWords(row.stops)
        const reason = row.reason === null ? '' : ` · ${row.reason}`
        return (
          <View key={row.id} className="stack stack-8">
            <Cell
              title={row.label}
              detail={`${row.number} · ${row.validFrom} 至 ${row.validTo}${reason}`}
              value={
                <Tag tone={credentialTones[row.state]}>{credentialStateLabels[row.state]}</Tag>
              }
            />
            {stops === null ? null : (
              <Banner tone={(row.stops?.days ?? 0) > 0 ? 'warn' : 'bad'}>{stops}</Banner>
            )}
            {actions?.(row)}
          </View>
        )
      })}
    </Card>
  )
}

import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { ConsentEntry } from '@yiqi/shared/identity/endpoints-privacy.ts'
import { consentChannelLabels } from '@yiqi/shared/identity/terms-privacy.ts'
import { dateOf, stamp } from '@yiqi/shared/kernel/time.ts'
import { serverNow } from '../../kernel/clock.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { saveText } from '../../kernel/platform/files.ts'
import { usePages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { Closing } from './closing.tsx'
import { Consents } from './consents.tsx'

/** 个人信息与隐私: what I agreed to, everything the platform knows of me, and the way out. */
export default function PrivacyPage() {
  const history = usePages(identityEndpoints.listConsentHistory, {})
  return (
    <Page title="个人信息与隐私" onRefresh={history.query.refresh}>
      <Consents onChange={() => void history.query.refresh()} />
      <Card title="导出我的数据">
        <View className="stack stack-8">
          <View className="t14 ink2">
            一份 JSON
            文件，包含个人资料、身份、登录、同意、预约、消息和申报等全部记录。需要再次验证身份。
          </View>
          <Export />
        </View>
      </Card>
      <Card title="同意记录">
        <State
          query={history.query}
          isEmpty={(page) => page.rows.length === 0}
          empty={<Empty icon="shield-check">还没有同意记录。</Empty>}
        >
          {(page) => page.rows.map((row) => <Entry key={row.id} row={row} />)}
        </State>
        <More pages={history} />
      </Card>
      <Closing />
    </Page>
  )
}

function Entry({ row }: { row: ConsentEntry }) {
  const given = `${stamp(new Date(row.givenAt))} 同意 · ${consentChannelLabels[row.channel]}`
  const ended = row.withdrawnAt === null ? '' : ` · ${stamp(new Date(row.withdrawnAt))} 撤回`
  return <Cell title={`${row.title} ${row.version}`} detail={`${given}${ended}`} />
}

function Export() {
  const ask = useWrite(identityEndpoints.exportMyData)
  const run = async () => {
    const data = await ask.run({})
    if (data === null) return
    const name = `我的数据-${dateOf(serverNow())}.json`
    const text = JSON.stringify(data, null, 2)
    toast(outcomeWords[await saveText({ name, text, type: 'application/json' })])
  }
  return (
    <>
      <Refusal refusal={ask.refusal} />
      <Button id="privacy-export" icon="download" busy={ask.busy} onTap={() => void run()}>
        导出我的数据
      </Button>
    </>
  )
}

const outcomeWords = {
  saved: '已保存',
  opened: '已打开',
  copied: '已复制到剪贴板',
  failed: '未能保存，请重试',
} as const

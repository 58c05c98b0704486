import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { RadioGroup } from '../../kernel/parts/checkbox.tsx'
import { QrCode } from '../../kernel/parts/qr-code.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { siteAddress } from '../../kernel/platform/address.ts'
import { copyText } from '../../kernel/platform/clipboard.ts'
import { sharePage } from '../../kernel/platform/share.ts'
import { isH5 } from '../../kernel/platform/target.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { LimitFields, type Limits } from './limits-sheet.tsx'
import { hasLimits, limitFrom, roleOptions } from './member-rules.ts'

type Made = OutputOf<typeof identityEndpoints.inviteMember>

type InviteSheetProps = {
  open: boolean
  /** The role of who invites. */
  by: Role
  organisationName: string
  onClose: () => void
  onDone: () => void
}

/** 邀请同事: a role and limits make a link that works once; it is shown only here. */
export function InviteSheet({ open, by, organisationName, onClose, onDone }: InviteSheetProps) {
  const options = roleOptions(by)
  const [role, setRole] = useState<Role | null>(options[0]?.value ?? null)
  const [limits, setLimits] = useState<Limits>({ order: '', month: '' })
  const [made, setMade] = useState<Made | null>(null)
  const invite = useWrite(identityEndpoints.inviteMember)
  const orderLimitFen = limitFrom(limits.order)
  const monthLimitFen = limitFrom(limits.month)
  const wrong = orderLimitFen === undefined || monthLimitFen === undefined
  const limited = role !== null && hasLimits(role)
  const send = async () => {
    if (role === null || wrong) return
    const given = await invite.run({ role, ...(limited ? { orderLimitFen, monthLimitFen } : {}) })
    if (given === null) return
    setMade(given)
    onDone()
  }
  return (
    <Sheet
      open={open}
      title="邀请同事"
      onClose={onClose}
      footer={
        made !== null ? undefined : (
          <Button
            id="invite-submit"
            kind="primary"
            size="block"
            busy={invite.busy}
            disabled={role === null || wrong}
            onTap={() => void send()}
          >
            生成邀请链接
          </Button>
        )
      }
    >
      {made !== null ? (
        <Link made={made} organisationName={organisationName} />
      ) : (
        <View className="stack">
          <RadioGroup label="身份" options={options} value={role} onChange={setRole} />
          {limited ? <LimitFields value={limits} onChange={setLimits} /> : null}
          <Refusal refusal={invite.refusal} safe="未生成邀请" />
        </View>
      )}
    </Sheet>
  )
}

function Link({ made, organisationName }: { made: Made; organisationName: string }) {
  const address = siteAddress(made.path)
  const share = async () => {
    const title = `${organisationName} 邀请你加入大型仪器共享平台`
    const outcome = await sharePage({ title, path: isH5 ? made.path : address })
    if (outcome === 'copied') toast('已复制链接')
  }
  const copy = async () => {
    if (await copyText(address)) toast('已复制链接')
  }
  return (
    <View className="stack">
      <Banner tone="warn">链接只显示这一次，只能用一次；发给本人，不要发到群里。</Banner>
      <QrCode text={address} label="邀请二维码" />
      <View id="invite-link" className="t14 num" style={{ wordBreak: 'break-all' }}>
        {address}
      </View>
      <View className="t13 ink3">{`有效至 ${stamp(new Date(made.expiresAt))}`}</View>
      <View className="row row-wrap">
        <Button id="invite-copy" icon="copy" onTap={() => void copy()}>
          复制链接
        </Button>
        <Button id="invite-share" kind="primary" icon="share-2" onTap={() => void share()}>
          分享
        </Button>
      </View>
    </View>
  )
}

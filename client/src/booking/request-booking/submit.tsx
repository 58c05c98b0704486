import { View } from '@tarojs/components'
import { APPROVAL_HOURS } from '@yiqi/shared/booking/rules.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { repriced, type Sheet } from './use-sheet.ts'

/** The one button that sends; what stands in its way is said under it. */
export function Submit({ sheet }: { sheet: Sheet }) {
  const { refusal, reason } = sheet
  const unknown = refusal !== null && (refusal.status === 0 || refusal.status >= 500)
  const told = refusal === null || (repriced(refusal) && sheet.changes !== null)
  return (
    <View className="r-submit">
      <Changed sheet={sheet} />
      {sheet.quote.data?.approvalNeeded === true ? (
        <Banner tone="warn" icon="shield-check">
          {`超出你的限额：提交后须由本单位管理员批准，最迟 ${APPROVAL_HOURS} 小时，未批准即失效`}
        </Banner>
      ) : null}
      {told ? null : (
        <Refusal
          refusal={refusal}
          safe={unknown ? '结果未知，再点一次会核对同一请求，不会重复预约' : '未扣款，预约未提交'}
        />
      )}
      <ReasonButton
        id="request-submit"
        kind="primary"
        size="block"
        reason={reason}
        busy={sheet.busy}
        onTap={sheet.submit}
      >
        提交预约
      </ReasonButton>
      <View className="r-after t13 ink3">提交后等待机组人员答复；开始前取消不收费</View>
    </View>
  )
}

/** What is different from what the person saw when they tapped; right above the button. */
function Changed({ sheet }: { sheet: Sheet }) {
  const { changes, quote, refusal } = sheet
  if (changes === null || refusal === null || quote.refreshing) return null
  return (
    <Banner tone="warn">
      {changes.length === 0
        ? '价格与额度已重新核对，没有变化，请再次提交'
        : `预约未提交：${refusal.message}。${changes.join('；')}`}
    </Banner>
  )
}

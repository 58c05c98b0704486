import { View } from '@tarojs/components'
import { type ServiceDirection, serviceDirections } from '@yiqi/shared/booking/terms.ts'
import {
  bookableModes,
  confidentialities,
  confidentialityLabels,
  serviceModeLabels,
} from '@yiqi/shared/notice/terms.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { Stepper } from '../../kernel/parts/stepper.tsx'
import {
  type BookableMode,
  type ConfidentialityLevel,
  PURPOSE_MAX,
  SAMPLES_MAX,
} from '../request-form.ts'
import type { Sheet } from './use-sheet.ts'

const modeHints: Record<BookableMode, string> = {
  'self-operated': '你方人员到场，自己操作仪器',
  operated: '你方到场，由机组人员操作',
  entrusted: '寄送样品，由机组人员完成检测',
}

const secrecyHints: Record<ConfidentialityLevel, string> = {
  open: '检测内容可以公开',
  normal: '检测内容仅预约双方可见',
  confidential: '对机组隐去企业名称，样品用代号',
}

/**
 * How the work is done, how secret it is, how many samples: what the price and the notice follow
 * from.
 */
export function ModeCard({ sheet }: { sheet: Sheet }) {
  const { form, set } = sheet
  return (
    <Card>
      <View className="stack">
        <View className="stack stack-8">
          <View className="t14 bold">服务方式</View>
          <Segmented
            id="request-mode"
            label="服务方式"
            options={bookableModes.map((mode) => ({ value: mode, label: serviceModeLabels[mode] }))}
            value={form.serviceMode}
            onChange={(serviceMode) => set({ serviceMode })}
          />
          <View className="t13 ink3">{modeHints[form.serviceMode]}</View>
        </View>
        <View className="row between">
          <View className="t14 bold">样品数</View>
          <Stepper
            id="request-samples"
            label="样品数"
            value={form.samples}
            max={SAMPLES_MAX}
            unit=" 个"
            onChange={(samples) => set({ samples })}
          />
        </View>
        <View className="stack stack-8">
          <View className="row between">
            <View className="t14 bold">保密</View>
            <ChipRow wrap>
              {confidentialities.map((level) => (
                <Chip
                  key={level}
                  selected={form.confidentiality === level}
                  onTap={() => set({ confidentiality: level })}
                >
                  {confidentialityLabels[level]}
                </Chip>
              ))}
            </ChipRow>
          </View>
          <View className="t13 ink3">{secrecyHints[form.confidentiality]}</View>
        </View>
      </View>
    </Card>
  )
}

/** What is to be done: the one thing that must be typed, and what helps the technician. */
export function WorkCard({ sheet }: { sheet: Sheet }) {
  const { form, set } = sheet
  return (
    <Card>
      <View className="stack">
        {sheet.restored ? (
          <Banner
            icon="history"
            action={
              <Button kind="quiet" onTap={sheet.clear}>
                清空
              </Button>
            }
          >
            已恢复上次未提交的内容
          </Banner>
        ) : null}
        <Field
          id="request-purpose"
          label="检测目的"
          value={form.purpose}
          onInput={(purpose) => set({ purpose })}
          placeholder="测什么、想知道什么，如：断口形貌，判断失效原因"
          maxLength={PURPOSE_MAX}
          multiline
        />
        <Field
          id="request-preparation"
          label="样品与准备"
          optional
          value={form.preparation}
          onInput={(preparation) => set({ preparation })}
          placeholder="如：3 个块体，需喷金，加做能谱"
          hint="机组人员在日程上看到这一行"
          maxLength={120}
        />
        {form.samples === 0 ? null : (
          <Field
            id="request-sample-names"
            label="样品代号"
            optional
            value={form.sampleNames}
            onInput={(sampleNames) => set({ sampleNames })}
            placeholder="如：A1、A2"
            hint="用代号，不必写材料名称；用顿号隔开"
            maxLength={500}
          />
        )}
        <Directions sheet={sheet} />
      </View>
    </Card>
  )
}

function Directions({ sheet }: { sheet: Sheet }) {
  const supervised = sheet.instrument.data?.customsSupervised === true
  return (
    <View className="stack stack-8">
      <View className="t14 ink2">用途</View>
      <ChipRow wrap>
        {directions.map(({ code, label }) => (
          <Chip
            key={code}
            selected={sheet.form.serviceDirection === code}
            disabled={supervised && code === NOT_SCIENTIFIC}
            onTap={() => sheet.set({ serviceDirection: code })}
          >
            {label}
          </Chip>
        ))}
      </ChipRow>
      {supervised ? (
        <View className="t13 ink3">海关监管期内的仪器只用于科研、开发与教学</View>
      ) : null}
    </View>
  )
}

/** A customs-supervised instrument may serve science, development and teaching only. */
const NOT_SCIENTIFIC: ServiceDirection = '138'

/** Keys of the table, in its order. */
const directions = (Object.keys(serviceDirections) as ServiceDirection[]).map((code) => ({
  code,
  label: serviceDirections[code],
}))

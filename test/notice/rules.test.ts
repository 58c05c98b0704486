import { acknowledgementSentence } from '@yiqi/shared/notice/rules.ts'
import { expect, it } from 'vitest'

const used = {
  institution: '示例大学',
  instrument: '场发射扫描电子显微镜',
  englishName: 'Field Emission Scanning Electron Microscope',
  model: 'SU8220',
  number: 'SX-0001',
  bookingNumber: 'SX2611-0482',
  technician: '郝工',
}

it('the sentence for a paper names the resource, its number and the service, in both languages', () => {
  const { zh, en } = acknowledgementSentence(used)
  expect(zh).toBe(
    '本研究使用了示例大学的场发射扫描电子显微镜（型号 SU8220，平台编号 SX-0001），经山西省科技资源开放共享平台预约（服务单号 SX2611-0482），感谢郝工的技术支持。',
  )
  expect(en).toContain(
    'Field Emission Scanning Electron Microscope (model SU8220, platform no. SX-0001)',
  )
})

it('leaves out what is not known', () => {
  const { zh, en } = acknowledgementSentence({
    ...used,
    model: null,
    technician: null,
    englishName: null,
  })
  expect(zh).not.toContain('型号')
  expect(zh).not.toContain('感谢')
  expect(en).toContain('场发射扫描电子显微镜 (platform no. SX-0001)')
})

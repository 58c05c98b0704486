import type { IconName } from '../kernel/parts/icons.ts'

/** By the first four digits of the class code, where a class has a picture of its own. */
const byClass: Record<string, IconName> = {
  '0101': 'microscope',
  '0102': 'atom',
  '0103': 'sun',
  '0104': 'chart-line',
  '0105': 'test-tubes',
  '0106': 'magnet',
  '0107': 'zap',
  '0108': 'microscope',
  '0109': 'thermometer',
  '0110': 'dna',
  '0111': 'leaf',
  '0112': 'pipette',
  '0201': 'hammer',
  '0203': 'sun',
  '0204': 'audio-waveform',
  '0205': 'droplets',
  '0206': 'scan-line',
  '0302': 'thermometer',
  '0303': 'scale',
  '0304': 'magnet',
}

/** By the first two digits. */
const byField: Record<string, IconName> = {
  '01': 'flask-conical',
  '02': 'gauge',
  '03': 'ruler',
  '04': 'audio-waveform',
  '05': 'waves',
  '06': 'mountain',
  '07': 'waves',
  '08': 'telescope',
  '09': 'heart-pulse',
  '10': 'radiation',
  '11': 'scan-line',
  '12': 'flask-conical',
  '13': 'cpu',
}

/** The line picture of an instrument class: what stands where no photo is. */
export function pictogramOf(classCode: string): IconName {
  return byClass[classCode.slice(0, 4)] ?? byField[classCode.slice(0, 2)] ?? 'flask-conical'
}

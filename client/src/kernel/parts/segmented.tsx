import { View } from '@tarojs/components'
import { a11y } from '../a11y.ts'
import { Tap } from './tap.tsx'

export type SegmentedProps<T extends string> = {
  options: readonly { value: T; label: string }[]
  value: T
  onChange: (value: T) => void
  /** What is being chosen, for readers. */
  label: string
  id?: string
}

/** Two to four views of the same thing; at most one on a page. */
export function Segmented<T extends string>({
  options,
  value,
  onChange,
  label,
  id,
}: SegmentedProps<T>) {
  return (
    <View
      {...(id === undefined ? {} : { id })}
      className="p-segmented"
      {...a11y({ role: 'tablist', label })}
    >
      {options.map((option) => (
        <Tap
          key={option.value}
          {...(id === undefined ? {} : { id: `${id}-${option.value}` })}
          role="tab"
          className={`p-segment ${option.value === value ? 'p-segment-on' : ''}`}
          state={{ selected: option.value === value }}
          onTap={() => onChange(option.value)}
        >
          {option.label}
        </Tap>
      ))}
    </View>
  )
}

import { View } from '@tarojs/components'
import { useState } from 'react'
import { go } from '../../kernel/go.ts'
import { useMembership, useRole } from '../../kernel/log-in.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { SearchBox } from '../../kernel/parts/field.tsx'
import { Frame } from '../../kernel/parts/page.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { FreeKinds, Recommended } from './find-offers.tsx'
import { BookAgain, NextBooking, Programmes, QuotaCard, Welcome } from './find-own.tsx'
import './find-panel.scss'

/** 找仪器: search first, then what is one's own, then what is free now in the whole province. */
export function FindPanel() {
  const { wide } = useLayout()
  const { family } = useRole()
  const own =
    family === 'visitor' ? (
      <>
        <Welcome />
        {wide ? <Programmes /> : null}
      </>
    ) : family === 'enterprise' ? (
      <>
        <NextBooking />
        <QuotaCard />
        {wide ? <BookAgain /> : null}
      </>
    ) : null
  if (!wide)
    return (
      <Frame title="仪器共享">
        <Search wide={wide} />
        <QuickChips />
        {own}
        <FreeKinds />
        {family === 'enterprise' ? <BookAgain /> : null}
        <Recommended />
      </Frame>
    )
  return (
    <Frame title="找仪器" width="wide">
      <View className="h-columns">
        <View className="h-main">
          <Search wide={wide} />
          <QuickChips />
          <FreeKinds />
          <Recommended />
        </View>
        {own === null ? null : <View className="h-side">{own}</View>}
      </View>
    </Frame>
  )
}

function Search({ wide }: { wide: boolean }) {
  const [words, setWords] = useState('')
  const search = () => void go.catalogue.findInstrument({ q: words.trim() })
  return (
    <View className="row">
      <View className="grow">
        <SearchBox
          id="home-search"
          value={words}
          onInput={setWords}
          onSearch={search}
          placeholder="搜仪器、检测项目、型号"
        />
      </View>
      {wide ? <Button onTap={search}>搜索</Button> : null}
    </View>
  )
}

function QuickChips() {
  const city = useMembership()?.organisation
  const find = go.catalogue.findInstrument
  return (
    <ChipRow>
      <Chip onTap={() => void find({ free: '1' })}>本周有空</Chip>
      <Chip onTap={() => void find({ voucher: '1' })}>可用创新券</Chip>
      {city?.cityCode ? (
        <Chip icon="map-pin" onTap={() => void find({ cityCode: city.cityCode ?? '' })}>
          {city.city}
        </Chip>
      ) : null}
      <Chip onTap={() => void find()}>全部仪器</Chip>
    </ChipRow>
  )
}

import { useLoad } from '@tarojs/taro'
import { redirect } from '../../kernel/go.ts'
import { Page } from '../../kernel/parts/page.tsx'
import { Skeleton } from '../../kernel/parts/state.tsx'

/** A deep link to a tab: the tab itself lives in the shell. */
export default function Redirect() {
  useLoad(() => {
    void redirect.tabs.home({ tab: 'me' })
  })
  return (
    <Page title="仪器共享" first>
      <Skeleton cards={3} />
    </Page>
  )
}

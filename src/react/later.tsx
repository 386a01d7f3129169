import { type ComponentType, type ReactElement, useEffect, useState } from 'react'
import { markHandled } from '../client/mark-handled.ts'

export type Later<Props> = (props: Props) => ReactElement | null

/** A component that is loaded after the app has started; after a failure, again when it is next rendered. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): Later<Props> {
  return props => {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(null)
    useEffect(() => {
      if (!Loaded) markHandled(load().then(loaded => setLoaded(() => loaded)))
    })
    return Loaded && <Loaded {...props} />
  }
}

/**
 * Tells in which modal dialog a part of the page must be to be of use, now and whenever that changes: while one is open,
 * the browser makes all inert that is not in it. A dialog inside another shadow root is not seen.
 *
 * @param onModal the topmost modal dialog, or null. It is also called with the same one again
 * @returns what stops it
 */
export function followModals(onModal: (modal: Element | null) => void): () => void {
  /** Those that are open, in the order in which they came. */
  let open: readonly Element[] = []
  const look = (): void => {
    const modals = modalsNow()
    const still = open.filter(dialog => modals.includes(dialog))
    open = [...still, ...modals.filter(dialog => !still.includes(dialog))]
    onModal(open.at(-1) ?? null)
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['open'] })
  look()
  return () => observer.disconnect()
}

function modalsNow(): Element[] {
  try {
    return [...document.querySelectorAll('dialog[open]:modal')]
  } catch {
    // As in jsdom, which knows no modal dialogs.
    return []
  }
}

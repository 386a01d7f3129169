/** Whether a `Content-Type` is that of a form without files. @see WHATWG URL Standard §5 */
export function isForm(type: string | null | undefined): boolean {
  return /^application\/x-www-form-urlencoded *(;|$)/i.test(type ?? '')
}

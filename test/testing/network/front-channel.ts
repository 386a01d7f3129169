/** What the OP's pages answer in the tab that is open. */
export const frontChannel: { authorize: (url: string) => string } = {
  authorize: () => {
    throw new Error('No tab is open')
  },
}

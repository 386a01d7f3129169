// Each prompt by itself: `?prompt=step_up&language=de`. `language=rtl` is a language of the app's own.
import { type AuthClient, AuthPrompts, AuthProvider } from 'afresh'
import { english, german, japanese, type OwnMessages } from 'afresh/messages'
import 'afresh/styles.css'
import { createRoot } from 'react-dom/client'
import { samples } from './samples.ts'
import { stateFor } from './state-for.ts'

const parameters = new URLSearchParams(location.search)
const language = parameters.get('language') ?? 'en'
const prompt = samples[parameters.get('prompt') as keyof typeof samples]
const step_up = () => ({
  title: 'أكِّد أنك أنت',
  text: 'سجّل الدخول مرة أخرى للمتابعة.',
  continue: 'متابعة',
  cancel: 'إلغاء',
})
const messages: Record<string, OwnMessages> = {
  en: english,
  de: german,
  ja: japanese,
  rtl: { lang: 'ar', dir: 'rtl', prompts: { step_up } },
}

const state = stateFor(prompt)

// A client that shows what it is told to, and notes the answer.
const client = {
  store: { getState: () => state, getInitialState: () => state, subscribe: () => () => {} },
  mount: () => () => {},
  answerPrompt: (_: string, answer: string) => {
    document.title = answer
  },
} as unknown as AuthClient

createRoot(document.getElementById('root') as HTMLElement).render(
  <AuthProvider client={client} messages={messages[language] ?? english}>
    <main>
      <h1>Behind the prompt</h1>
      <p>The page of an app.</p>
    </main>
    <AuthPrompts />
  </AuthProvider>,
)

import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { Auth } from './Auth'
import { Header } from './Header'
import 'afresh/styles.css'
import './styles.css'

export const metadata: Metadata = { title: 'Pennyworth Payments', icons: 'data:,' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Auth>
          <Header />
          <main>{children}</main>
        </Auth>
      </body>
    </html>
  )
}

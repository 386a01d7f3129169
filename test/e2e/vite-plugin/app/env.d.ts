interface ImportMeta {
  readonly env: { readonly BASE_URL: string; readonly VITE_ISSUER: string }
}

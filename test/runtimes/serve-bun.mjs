const [, , script, port] = process.argv
const { default: app } = await import(script)
Bun.serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' })

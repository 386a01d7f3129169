interface Worker {
  /** The file of the script, a module worker, beside the configuration. */
  readonly script: string
  readonly flags: readonly string[]
  /** Texts of its `env`. Default: none. */
  readonly env?: Readonly<Record<string, string>>
  /** Binding → the class of its durable objects. Default: none. */
  readonly objects?: Readonly<Record<string, string>>
  /** The folder where each object has its SQLite. Without one, they have none. */
  readonly storage?: string
}

/** What `workerd serve` reads. The script may reach the provider on this machine. */
export function workerdConfig({ script, flags, env = {}, objects = {}, storage }: Worker): string {
  const bindings = [
    ...Object.entries(env).map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`),
    ...Object.entries(objects).map(
      ([name, type]) => `(name = "${name}", durableObjectNamespace = "${type}")`,
    ),
  ]
  const namespaces = Object.values(objects).map(
    type => `(className = "${type}", uniqueKey = "${type}", enableSql = true)`,
  )
  const inSqlite = storage !== undefined
  const disk = inSqlite ? `(name = "disk", disk = (path = ${JSON.stringify(storage)}, writable = true)),` : ''
  return `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      modules = [(name = "app", esModule = embed ${JSON.stringify(script)})],
      compatibilityDate = "2026-01-01",
      compatibilityFlags = ${JSON.stringify(flags)},
      bindings = [${bindings.join()}],
      durableObjectNamespaces = [${namespaces.join()}],
      durableObjectStorage = (${inSqlite ? 'localDisk = "disk"' : 'inMemory = void'}),
    )),
    ${disk}
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", http = (), service = "app")],
);
`
}

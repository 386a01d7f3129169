/** What `workerd serve` reads: the script as a module worker, which may reach the provider on this machine. */
export const workerdConfig = (script: string, flags: readonly string[]): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      modules = [(name = "app", esModule = embed ${JSON.stringify(script)})],
      compatibilityDate = "2026-01-01",
      compatibilityFlags = ${JSON.stringify(flags)},
    )),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", http = (), service = "app")],
);
`

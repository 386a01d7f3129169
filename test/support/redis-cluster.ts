import { freePort } from '../../demo/listen.ts'
import { RedisServer } from './redis.ts'

const slots = 16_384

/** A Redis Cluster of three masters. Everything a client has to know is one of its nodes. */
export class RedisCluster {
  readonly nodes: readonly RedisServer[]

  /** Resolves when each node says that the cluster works. */
  static async start(): Promise<RedisCluster> {
    const nodes = await Promise.all([startNode(), startNode(), startNode()])
    const share = Math.ceil(slots / nodes.length)
    const [first, ...others] = nodes as [Node, ...Node[]]
    for (const [index, { server }] of nodes.entries()) {
      const last = Math.min((index + 1) * share, slots) - 1
      await server.run('CLUSTER', 'ADDSLOTSRANGE', String(index * share), String(last))
      // Two nodes of the same epoch would have to agree on it first.
      await server.run('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
    }
    for (const { server, bus } of others) {
      await first.server.run('CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(bus))
    }
    const servers = nodes.map(({ server }) => server)
    const works = (info: string): boolean =>
      info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`)
    await Promise.all(servers.map(server => server.until(works, 'CLUSTER', 'INFO')))
    // A slow machine is no reason to call a node dead.
    await Promise.all(servers.map(server => server.run('CONFIG', 'SET', 'cluster-node-timeout', '15000')))
    return new RedisCluster(servers)
  }

  private constructor(nodes: readonly RedisServer[]) {
    this.nodes = nodes
  }

  /** The slot of a key. */
  async slotOf(key: string): Promise<number> {
    return Number(await this.nodes[0]?.run('CLUSTER', 'KEYSLOT', key))
  }

  /** Every key of every node. */
  async keys(): Promise<string[]> {
    const lists = await Promise.all(this.nodes.map(node => node.run('KEYS', '*')))
    return lists.flat().map(String)
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map(node => node.close()))
  }
}

interface Node {
  readonly server: RedisServer
  /** The port by which the nodes know each other. */
  readonly bus: number
}

async function startNode(): Promise<Node> {
  const bus = await freePort()
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-port': bus,
    'cluster-config-file': 'nodes.conf',
    // A node waits for as long before it serves.
    'cluster-node-timeout': 500,
  }
  return { server: await RedisServer.start(settings), bus }
}

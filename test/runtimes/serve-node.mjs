import { createServer } from 'node:http'
import { sendResponse, toRequest } from 'afresh/server/node'

const [, , script, port] = process.argv
const { default: app } = await import(script)
createServer(async (request, response) => {
  await sendResponse(await app.fetch(toRequest(request)), response)
}).listen(Number(port), '127.0.0.1')

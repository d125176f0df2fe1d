// Whether the service of this container may be sent work.
import { get } from 'node:http';

const end = (code) => process.exit(code);
get({ host: '127.0.0.1', port: process.env.PORT, path: '/health/ready', timeout: 4_000 }, (answer) =>
  end(answer.statusCode === 200 ? 0 : 1),
)
  .on('timeout', () => end(1))
  .on('error', () => end(1));

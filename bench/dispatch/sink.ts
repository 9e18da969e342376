import { createServer, type AddressInfo } from 'node:net';

/**
 * A mail server in a separate process that accepts everything and keeps only the count: as little work as SMTP allows, so that it does not
 * affect the measurement. It sends its parent its port first, then its count at each request.
 */
let taken = 0;
const endOfMail = '\r\n.\r\n';

const server = createServer((socket) => {
  let pending = '';
  let inMail = false;
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write('220 bench\r\n');
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    let answers = '';
    for (;;) {
      if (inMail) {
        const end = pending.indexOf(endOfMail);
        if (end < 0) {
          pending = pending.slice(-endOfMail.length);
          break;
        }
        pending = pending.slice(end + endOfMail.length);
        inMail = false;
        taken += 1;
        answers += '250 taken\r\n';
      } else {
        const end = pending.indexOf('\r\n');
        if (end < 0) break;
        const command = pending.slice(0, 4).toUpperCase();
        pending = pending.slice(end + 2);
        inMail = command === 'DATA';
        answers += command === 'EHLO' ? '250-bench\r\n250-PIPELINING\r\n250 8BITMIME\r\n' : inMail ? '354 go on\r\n' : '250 ok\r\n';
      }
    }
    if (answers !== '') socket.write(answers);
  });
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
process.on('message', () => process.send?.(taken));

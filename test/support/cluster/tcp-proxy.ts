/** Stands between processes and a server of theirs: cuts every connection, delays what goes through, or lets nothing in. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #target: string | undefined;
  #delayMs = 0;
  #isClosed = false;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async open(): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Host and port of the server behind it. */
  leadTo(target: string): void {
    this.#target = target;
  }

  /** What goes through from now on takes so long. */
  delay(milliseconds: number): void {
    this.#delayMs = milliseconds;
  }

  /** Ends all connections in the middle of what they do. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** While it is shut, connections end as soon as they are made. */
  shut(isShut: boolean): void {
    this.#isClosed = isShut;
    if (isShut) this.cut();
  }

  async close(): Promise<void> {
    this.cut();
    await once(this.#server.close(), 'close');
  }

  #accept(near: Socket): void {
    const [host, port] = this.#target?.split(':') ?? [];
    if (this.#isClosed || host === undefined) return void near.destroy();
    const far = connect(Number(port), host);
    this.#join(near, far);
    this.#join(far, near);
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => this.#pass(bytes, to));
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on('error', () => to.destroy());
  }

  #pass(bytes: Buffer, to: Socket): void {
    const write = () => {
      if (!to.destroyed) to.write(bytes);
    };
    if (this.#delayMs === 0) write();
    else setTimeout(write, this.#delayMs);
  }
}

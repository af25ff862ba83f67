import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMMANDS } from '#src/cli/commands.ts';
import { configSchema } from '#src/config/config-schema.ts';
import { createServiceMetrics } from '#src/observability/service-metrics.ts';
import { createWorkerMetrics } from '#src/observability/worker-metrics.ts';
import { makeTemporaryFolder } from '#test/support/temporary-folder.ts';

const service = z.looseObject({
  image: z.string().optional(),
  build: z.string().optional(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  read_only: z.boolean().optional(),
  restart: z.string().optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
});
const composeFile = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});
const compose = composeFile.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }));
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image?.startsWith('vouch:') === true);

describe('docker-compose.yml', () => {
  it('has all parts of a ledger, and what watches them', () => {
    expect(services.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'redpanda',
        'console',
        'redis',
        'api',
        'worker-1',
        'worker-2',
        'prometheus',
        'grafana',
      ]),
    );
  });

  it('publishes every port on this machine alone, and none twice', () => {
    const ports = services.flatMap(([, each]) => each.ports);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const published = ports.map((port) => port.split(':')[1]);
    expect(new Set(published).size).toBe(published.length);
  });

  it('names a version of every image that is not built here', () => {
    for (const [, { image = '', build }] of services)
      if (build === undefined) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-alpine)?$/);
  });

  it('mounts only what is there, and volumes that it declares', () => {
    for (const [, { volumes }] of services) {
      for (const [from = ''] of volumes.map((volume) => volume.split(':'))) {
        if (from.startsWith('.')) expect(existsSync(from), from).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
    }
  });

  it('waits only for services that there are', () => {
    for (const [, { depends_on: needs = [] }] of services)
      for (const name of Array.isArray(needs) ? needs : Object.keys(needs))
        expect(compose.services).toHaveProperty(name);
  });

  it('runs our own processes with a file system that cannot be written', () => {
    expect(ours.length).toBeGreaterThanOrEqual(4);
    for (const [, each] of ours) expect(each.read_only).toBe(true);
  });

  it('gives our processes commands and options that the program has', () => {
    for (const [, { command = [] }] of ours) {
      const words = [command].flat();
      if (words.length === 0) continue;
      const known = COMMANDS.find(({ name }) => words.slice(0, name.split(' ').length).join(' ') === name);
      expect(known, words.join(' ')).toBeDefined();
      const options = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
      for (const option of options) expect(Object.keys(known?.options ?? {})).toContain(option);
    }
  });

  it('keeps what a Redis of histories must keep', () => {
    const [words = []] = [compose.services['redis']?.command];
    const text = [words].flat().join(' ');
    expect(text).toContain('--appendonly yes');
    expect(text).toContain('--maxmemory-policy noeviction');
  });
});

describe('the image', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');

  it('runs without root, and says whether it lives', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK/m);
    expect(dockerfile.indexOf('USER node')).toBeLessThan(dockerfile.indexOf('ENTRYPOINT'));
  });

  it('copies only what is there and what its context lets in', () => {
    const ignore = readFileSync('.dockerignore', 'utf8').split('\n');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    expect(copied.length).toBeGreaterThan(3);
    for (const file of copied) {
      expect(existsSync(file), file).toBe(true);
      expect(ignore).toContain(`!${file}`);
    }
  });
});

describe('what the processes are told', () => {
  it('is a configuration that they accept', () => {
    const result = configSchema.safeParse(parse(readFileSync('deploy/vouch.yaml', 'utf8')));
    expect(result.error?.issues ?? []).toEqual([]);
  });

  it('names secrets that are drawn once, and never again', async () => {
    const folder = await makeTemporaryFolder();
    const draw = () => execFileSync(process.execPath, ['deploy/draw-secrets.ts', folder.path]);
    draw();
    const files = [...readFileSync('deploy/vouch.yaml', 'utf8').matchAll(/\/secrets\/([a-z.]+)/g)].map(
      ([, name = '']) => name,
    );
    const first = files.map((name) => readFileSync(join(folder.path, name), 'utf8'));
    expect(first[files.indexOf('entity.key')]).toMatch(/^[0-9a-f]{32}$/);
    draw();
    expect(files.map((name) => readFileSync(join(folder.path, name), 'utf8'))).toEqual(first);
    expect(statSync(folder.path).isDirectory()).toBe(true);
    await folder.remove();
  });
});

describe('what watches the processes', () => {
  const dashboard = readFileSync('deploy/grafana/dashboards/vouch.json', 'utf8');
  const alerts = readFileSync('deploy/alerts.yml', 'utf8');

  async function exposedMetrics(): Promise<ReadonlySet<string>> {
    const service = createServiceMetrics({ reports: () => [], projectionLag: () => 0 });
    service.http.watch({ inFlight: () => 0 });
    const worker = createWorkerMetrics({ reports: () => [], owned: () => 0 });
    const text = (await service.exposition()) + (await worker());
    const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    );
    return new Set(names);
  }

  it.each([
    ['the dashboard', dashboard],
    ['the alarms', alerts],
  ])('asks only for metrics that there are: %s', async (_, text) => {
    const known = await exposedMetrics();
    const asked = new Set([...text.matchAll(/vouch_[a-z0-9_]+/g)].map(([name]) => name));
    expect(asked.size).toBeGreaterThan(3);
    for (const name of asked) expect(known, name).toContain(name);
  });

  it('says at each alarm which section of the handbook helps', () => {
    const handbook = readFileSync('docs/operating.md', 'utf8');
    const sections = [...handbook.matchAll(/^### (.+)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const runbooks = [...alerts.matchAll(/docs\/operating\.md#([a-z-]+)/g)].map(([, anchor]) => anchor);
    expect(runbooks.length).toBeGreaterThanOrEqual(6);
    for (const anchor of runbooks) expect(sections).toContain(anchor);
  });

  it('asks our processes where they listen, with the token that is theirs', () => {
    const prometheus = readFileSync('deploy/prometheus.yml', 'utf8');
    for (const target of ['api:8080', 'worker-1:8080', 'worker-2:8080']) expect(prometheus).toContain(target);
    expect(prometheus).toContain('/secrets/metrics.token');
  });
});

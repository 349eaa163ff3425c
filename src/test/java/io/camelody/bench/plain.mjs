// What Camelody is compared with: a script that makes the same calls to FoxAI and writes the same files, and does nothing
// else. No ledger, no checks, nothing is safe from a crash.
//
// node plain.mjs BASE-URL SONGS IDS-A-STATUS-CALL FOLDER
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const [baseUrl, songs, ids, folder] = process.argv.slice(2);
const AT_ONCE = 8;
const SONGS = Number(songs);
const IDS = Number(ids);
let next = 0;

async function ask(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: { 'api-key': 'sandbox', 'Content-Type': 'application/json' } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

async function submit(number) {
  const body = JSON.stringify({ topic: `Song ${number}, a slow waltz for two voices`, is_instrumental: false });
  return (await ask(`${baseUrl}/music/task`, { method: 'POST', body })).task_id;
}

async function awaitEnd(taskIds) {
  for (;;) {
    const tasks = await ask(`${baseUrl}/music/task?ids=${taskIds.join(',')}`);
    if (tasks.every((task) => task.status === 'completed')) return tasks;
    await sleep(200);
  }
}

async function download(url, file) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  await writeFile(file, answer.body);
}

async function deliver(task) {
  const place = `${folder}/${task.task_id}`;
  await mkdir(place);
  for (const [i, clip] of task.data.entries()) {
    await download(clip.audio_url, `${place}/clip-${i + 1}.mp3`);
    await download(clip.image_large_url, `${place}/clip-${i + 1}.png`);
  }
  await writeFile(`${place}/song.json`, JSON.stringify(task, null, 2));
}

async function work() {
  while (next < SONGS) {
    const from = next;
    next = Math.min(from + IDS, SONGS);
    const taskIds = [];
    for (let number = from; number < Math.min(from + IDS, SONGS); number++) taskIds.push(await submit(number));
    for (const task of await awaitEnd(taskIds)) await deliver(task);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));

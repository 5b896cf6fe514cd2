// Writing to one another through the chat panel, and what the snapshot says of it.

import { eventually, until } from './browser.mjs';
import { peopleList } from './stage.mjs';

/** The conversation with one person in a snapshot, by who they are. */
export function conversation({ chat }, userId) {
  return chat.conversations.find((one) => one.kind === 'direct' && one.with === userId);
}

/** The texts of a conversation with one person. */
export function texts(snapshot, userId) {
  return (conversation(snapshot, userId)?.messages ?? []).map(({ text }) => text);
}

/** Opens the conversation with somebody from the list of people. */
export async function openLetters(page, name) {
  const list = await peopleList(page);
  const message = list.getByRole('button', { name: `Message ${name}`, exact: true });
  // The tile of whoever comes near pushes the list down where there is no world, perhaps just as it is pressed.
  await eventually(`one can write to ${name}`, async () => {
    await message.click();
    return messageBox(page).waitFor({ timeout: 3000 }).then(() => true, () => false);
  });
}

/** Where one writes. */
export function messageBox(page) {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

/** What was written, in the conversation that is open. */
export function messageLog(page) {
  return page.getByRole('log', { name: 'Messages', exact: true });
}

/** Writes something in the conversation that is open, and sends it with Enter. */
export async function write(page, text) {
  await messageBox(page).fill(text);
  await messageBox(page).press('Enter');
}

/** Waits until the conversation with one person has these texts, and all of one's own have come that far. */
export function untilLetters(page, userId, expected, state) {
  return until(page, `the conversation is ${expected.join(', ')}`, (snapshot) => {
    const messages = conversation(snapshot, userId)?.messages ?? [];
    const own = messages.filter((message) => message.state !== 'received');
    const same = JSON.stringify(messages.map(({ text }) => text)) === JSON.stringify(expected);
    return same && (!state || own.every((message) => message.state === state));
  });
}

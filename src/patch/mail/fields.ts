/** Fields of a mail's header, as RFC 5322 and RFC 2047 have them. Pure. */

/** "Name <address>", the name as RFC 5322, 3.2.4 and RFC 2047, 5 have it. */
export function mailbox(author: string): string {
  // What is no address stays a word: a line's end in it would begin another field.
  const [, name = '', address] = /^(.*?)[ \t]*<([!-;=?-~]+)>$/s.exec(author.trim()) ?? []
  if (address === undefined) return word(author)
  const bare = name.replace(/^"(.*)"$/s, '$1')
  if (bare === '') return `<${address}>`
  const isPlain = /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(bare)
  const quoted = isPlain ? bare : isAscii(bare) ? `"${bare.replace(/(?<!\\)["\\]/g, '\\$&')}"` : word(bare)
  return `${quoted} <${address}>`
}

/** RFC 2047: what is no ASCII in encoded words of at most 75 characters. */
export function word(text: string): string {
  if (isAscii(text)) return text
  const words: string[] = ['']
  for (const character of text) {
    const longer = (words.at(-1) ?? '') + character
    if (Buffer.byteLength(longer) <= MOST_BYTES) words[words.length - 1] = longer
    else words.push(character)
  }
  return words.map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join('\n ')
}

/** 60 characters of base64. */
const MOST_BYTES = 45

export function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
}

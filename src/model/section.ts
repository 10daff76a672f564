/** Sections of a series, by their names. */

/** Whether a patch's section is the one that is named, in whatever case, or a part of it. */
export function isInSection(section: string, named: string): boolean {
  const [own, wanted] = [keyOf(section), keyOf(named)]
  return own === wanted || own.startsWith(`${wanted} / `)
}

function keyOf(section: string): string {
  return section.replace(/\s+/g, ' ').trim().toLowerCase()
}

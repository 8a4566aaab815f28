/** A thing: as it was typed; and where it is an address, a link, beside the host that it really leads to. */
export function Thing({ thing }: { thing: string }) {
  const url = linkOf(thing)
  if (!url) return <bdi>{thing}</bdi>
  return (
    <span className="thing-link">
      <bdi>
        <a href={url.href} rel="noopener noreferrer ugc nofollow">
          {thing}
        </a>
      </bdi>{' '}
      <span className="quiet">{url.host}</span>
    </span>
  )
}

function linkOf(thing: string) {
  return /^https?:\/\/\S+$/i.test(thing) && URL.canParse(thing) ? new URL(thing) : null
}

/** "Chrome on Android" out of what a browser says of itself; other programs by their own name. */
export function deviceOf(agent: string): string {
  if (!/^Mozilla\//.test(agent)) return agent.split(/[\s(]/)[0] ?? '';
  const browser = [
    [/Edg(?:A|iOS)?\//, 'Edge'], [/OPR\/|Opera/, 'Opera'], [/SamsungBrowser\//, 'Samsung Internet'], [/Firefox\/|FxiOS\//, 'Firefox'],
    [/(?:Headless)?Chrom(?:e|ium)\/|CriOS\//, 'Chrome'], [/Safari\//, 'Safari'],
  ].find(([sign]) => (sign as RegExp).test(agent))?.[1] as string | undefined;
  const system = [
    [/Android/, 'Android'], [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Windows/, 'Windows'], [/Mac OS X/, 'Mac'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux'],
  ].find(([sign]) => (sign as RegExp).test(agent))?.[1] as string | undefined;
  return [browser, system].filter(Boolean).join(' · ');
}

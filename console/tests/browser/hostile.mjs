/** Texts that people and attackers write: none may run, none may push the screen out of shape. */

const word = 'Nsambya';
export const hostile = {
  script: '<script>window.ran.push(1)</script>',
  'broken picture': '<img src=x onerror=window.ran.push(2)>',
  'end of an attribute': '"><svg onload=window.ran.push(3)>',
  address: 'javascript:window.ran.push(4)',
  template: "{{constructor.constructor('window.ran.push(5)')()}}",
  literal: '${window.ran.push(6)}{window.ran.push(6)}',
  link: '<a href="javascript:window.ran.push(7)">press</a>',
  statement: "'; DROP TABLE projects_client; --",
  'from right to left': 'مرحبا بكم في الاستوديو الجديد، هذا نص طويل',
  'turned around': '\u202Eoidutsitimat\u202C \u2066xyz',
  'one long word': 'W'.repeat(110),
  'many words': `${word} `.repeat(14).trim(),
  emoji: '👩🏾‍🎨👨‍👩‍👧‍👦🏳️‍🌈🇺🇬'.repeat(4),
  'stacked marks': 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
  'no width': 'a\u200B\u200D\uFEFFb',
  'written bytes': '%00%0d%0aSet-Cookie: a=b',
  path: '../../../../etc/passwd',
  formula: '=HYPERLINK("http://evil.example","x")',
  'signs of several scripts': '工作室项目管理系统的一个非常长的名字没有空格就这样一直写下去直到行尾',
  frame: '<style>*{display:none}</style></textarea><iframe srcdoc="<script>parent.ran.push(20)</script>">',
};

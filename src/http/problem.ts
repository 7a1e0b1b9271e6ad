/** What a request may fail with. The status of each is decided in server.ts and nowhere else. */
import type { Text } from '../base/text.ts';

export type ProblemCode =
  | 'bad-request'
  | 'too-large'
  | 'bad-type'
  | 'sign-in-first'
  | 'wrong-password'
  | 'not-allowed'
  | 'foreign-origin'
  | 'not-found'
  | 'not-ready'
  | 'not-taken'
  | 'refused'
  | 'bad-range'
  | 'too-many'
  | 'standby'
  | 'too-many-desktops'
  | 'unavailable'
  | 'failed';

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly field: string | undefined;
  /** What the answer says beside code and text. */
  readonly more: object | undefined;

  constructor(code: ProblemCode, field?: string, more?: object) {
    super(code);
    this.code = code;
    this.field = field;
    this.more = more;
  }
}

export const problemTexts: { readonly [Code in ProblemCode]: Text } = {
  'bad-request': { zh: '请求内容有误。', en: 'The request is not as its schema says.' },
  'too-large': { zh: '请求内容过大。', en: 'The request is too large.' },
  'bad-type': { zh: '不支持的内容类型，请用 JSON。', en: 'This content type is not supported; send JSON.' },
  'sign-in-first': { zh: '请先登录。', en: 'Sign in first.' },
  'wrong-password': { zh: '工号或密码不对。', en: 'The agent number or the password is wrong.' },
  'not-allowed': { zh: '没有权限。', en: 'Your role may not do this.' },
  'foreign-origin': { zh: '请求来自其他网站，已拒绝。', en: 'The request came from another site and was refused.' },
  'not-found': { zh: '找不到。', en: 'There is no such thing here.' },
  'not-ready': { zh: '录音尚未处理完成。', en: 'The recording is not finished yet.' },
  'not-taken': { zh: '配置有误，未采用，一切照旧。', en: 'The configuration is not taken, and nothing has changed.' },
  refused: { zh: '现在不能这样做。', en: 'This cannot be done now.' },
  'bad-range': { zh: '请求的范围超出文件。', en: 'The range lies outside the file.' },
  'too-many': { zh: '请求太频繁，请稍后再试。', en: 'Too many requests; try again shortly.' },
  'too-many-desktops': { zh: '工作台连接数已达上限，请联系管理员提高“打开文件数”限制。', en: 'No more desktops can connect here; ask the administrator to raise the limit of open files.' },
  standby: { zh: '这台服务器处于备用状态，请连接主用服务器。', en: 'This server stands by; ask the one that runs the centre.' },
  unavailable: { zh: '数据库暂时不可用，通话不受影响，请稍后再试。', en: 'The records are away for the moment; calls go on. Try again shortly.' },
  failed: { zh: '系统出错。', en: 'Something went wrong on our side.' },
};

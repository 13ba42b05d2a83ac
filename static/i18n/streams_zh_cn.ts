/** The words of the page of streams in simplified Chinese; `zh_cn.ts` takes them in. */
import type { StreamsTexts } from "./streams_en.ts";

/** Every text. */
export const streamsZhCn: StreamsTexts = {
  title: "画面墙",
  lead:
    "以图片形式观看参与者的画面，任何程序都能加载。只在有人观看时才生成，参与者看得到有多少人在看。",
  doorTitle: "观看画面",
  doorText: "把参与者的画面并排显示：可用于电视墙、<img> 或 ffmpeg。",

  source: "观看对象",
  room: "房间",
  roomHint: "留空表示所有公开的房间。六位数字的房间只能凭号码观看。",
  passcode: "密码",
  passcodeHint: "房间设有密码时填写",
  passcodeWrong: "密码缺失或错误",
  show: "显示",
  rate: "每秒图片数",
  rateChoice: (rate) => rate < 1 ? `每 ${1 / rate} 秒 1 张` : `每秒 ${rate} 张`,
  width: "宽度",
  widthChoice: (width) => `${width} 像素`,
  hideAll: "全部隐藏",
  showAll: "全部显示",
  allStreams: "所有画面",

  pictureOf: (name, roomId) => `房间 ${roomId} 中的 ${name}`,
  hideNamed: (name) => `隐藏 ${name}`,
  showNamed: (name) => `显示 ${name}`,
  openNamed: (name) => `在新窗口打开 ${name}`,
  isHidden: "已隐藏",
  isPaused: "无人观看时暂停",
  isRenewed: "每 5 秒更新",
  renewedHint: (count) =>
    `同时播放 ${count} 路画面，其余每 5 秒更新一次，因为浏览器与同一服务器的连接数有限。隐藏一些即可播放其他画面。`,
  noPicture: "没有收到图片",
  cameraOff: "摄像头已关闭",
  cannotSend: "这位参与者无法生成图片",
  tryAgain: "重试",

  looking: "正在查找…",
  emptyAll: "目前公开的房间里没有人提供画面。",
  emptyRoom: (roomId) => `房间 ${roomId} 目前没有人提供画面。`,
  emptyHow:
    "打开摄像头加入会议或开始直播，五秒之内就会出现在这里。六位数字、有密码、已锁定或设有等候室的房间，只有写明房间名才可能显示。",
  emptyMeeting: "发起会议",
  emptySingle: (userId) => `${userId} 目前没有提供画面。`,
  unavailable: "服务器没有回应，每 5 秒重试一次。",
  countOf: (count) => `${count} 路画面`,
};
